-- Since when a run's work is being published: its process is gone and its end is judged, so it holds no slot (I16).

alter table runs add column publishing_since integer;
