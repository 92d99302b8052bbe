#!/bin/sh
# The agent of the torture: works a little, prints usage as Claude Code does, and keeps books of its own.
#
# Arguments: the folder of the books. In it `plans/<task>` says, a line per attempt, how to behave:
#   steps  pause  code  stray  temper
# `journal` is appended to, a line at a time: start, used, torn, end, double.
# The lock is held open by everything the agent starts, so that a successor that finds it taken has proof of two.

books=$1
task=$CHARGEHAND_TASK
run=$CHARGEHAND_RUN

exec 9>>"$books/locks/$task"
if ! flock -n 9; then
  # What holds it is gone a moment later; it is named now, for whoever has to find out why.
  holders=$(grep -lz "^CHARGEHAND_TASK=$task\$" /proc/[0-9]*/environ 2>/dev/null | tr '\n' ' ')
  echo "double $run $task $$ $holders" >>"$books/journal"
fi
echo "start $run $task $$ $(pwd)" >>"$books/journal"

echo "$run" >>"$books/starts/$task"
attempt=0
while read -r _; do attempt=$((attempt + 1)); done <"$books/starts/$task"
line=0
while read -r a b c d e && [ "$line" -lt "$attempt" ]; do
  steps=$a pause=$b code=$c stray=$d temper=$e
  line=$((line + 1))
done <"$books/plans/$task"

case $temper in
deaf) trap '' TERM INT ;;
polite) trap 'exit 143' TERM INT ;;
esac

# usage ID: one call of the model. In two writes, so that whoever reads meanwhile meets half a line; but beside a
# talker, which would write between them, in one, which first ends what a full disk may have cut off the talker's.
usage() {
  call="{\"type\":\"assistant\",\"message\":{\"id\":\"$1\",\"model\":\"claude-sonnet-4-5\","
  used='"stop_reason":"end_turn","usage":{"input_tokens":100,"output_tokens":7}}}'
  if [ "$stray" = talker ]; then
    printf '\n%s%s\n' "$call" "$used" || return 1
  else
    printf '%s' "$call" || return 1
    printf '%s\n' "$used" || return 1
  fi
}

case $stray in
session) setsid sleep 600 & ;;
scrubbed) setsid env -i sleep 600 & ;;
elsewhere) (cd / && exec setsid sleep 600) & ;;
talker)
  # It writes into the log until it is killed, perhaps after the agent itself has ended.
  export books run task
  setsid sh -c 'n=0
    while [ $n -lt 400 ]; do
      n=$((n + 1))
      printf "{\"type\":\"assistant\",\"message\":{\"id\":\"%s-t%d\",\"model\":\"claude-sonnet-4-5\",\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}\n" "$run" $n
      sleep 0.05
    done' &
  ;;
esac

step=0
while [ "$step" -lt "$steps" ]; do
  step=$((step + 1))
  if usage "$run-$step"; then
    echo "used $run $task 107" >>"$books/journal"
  else
    echo "torn $run $task" >>"$books/journal"
  fi
  echo "$run $step" >>work.txt || echo "torn $run $task" >>"$books/journal"
  sleep "$pause"
done

[ "$code" = 0 ] || echo "planned to fail with $code" >&2
echo "end $run $task $code" >>"$books/journal"
exit "$code"
