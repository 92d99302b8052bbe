#!/bin/sh
# The first process of a container, where that would be the daemon: it runs the daemon as its child.
#
# Who has lost its parent becomes a child of process 1, and stays a zombie until that one waits for it. Node waits for
# its own children only, and agents leave others behind; a shell that waits reaps whatever it is given.
#
# Signals go on to the daemon, which decides what they mean; its exit code is the container's. Process 1 has no default
# for signals: one that is not named here would do nothing.

child=
for name in HUP INT QUIT TERM USR1 USR2; do
  trap "[ -z \"\$child\" ] || kill -$name \"\$child\" 2>/dev/null" "$name"
done
"$@" &
child=$!

# A wait is over with every signal, too. Only when the child is gone, its last answer is the exit code.
wait "$child"
status=$?
while kill -0 "$child" 2>/dev/null; do
  wait "$child"
  status=$?
done
# It may have ended in the moment of a signal, whose number was the answer then: asked again, the shell still knows.
wait "$child" 2>/dev/null
last=$?
[ "$last" = 127 ] || status=$last
exit "$status"
