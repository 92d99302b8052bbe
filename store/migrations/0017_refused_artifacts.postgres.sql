-- What is wrong with an artifact that its phase does not want: a list of lines, empty for one that it wants.
alter table artifacts add column problems text not null default '[]';
