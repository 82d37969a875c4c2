#!/usr/bin/env bash
# Makes the figures of README.md and docs/the-math.md anew, with Kindling's own commands. A model that is in models/ already
# is drawn as it is; one that is not is trained. The picture of the Training tab is made where there is a chromium.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

model=models/mnist
validated=models/validated
work=target/figures
[[ -d $model ]] || ./submit.sh train --model "$model"
[[ -d $validated ]] || ./submit.sh train --model "$validated" --validation-fraction 0.1 --validate-every 20 --iterations 600
./submit.sh evaluate --model "$model" --output "$work/evaluate" --overwrite
./submit.sh samples --output "$work/samples" --overwrite
./submit.sh weights --model "$model" --output "$work/weights" --overwrite
./submit.sh explain --model "$model" --id 2927 --output "$work/explain" --overwrite

mkdir -p docs/images "$work/events"
if command -v chromium >/dev/null; then
  ./submit.sh --conf spark.eventLog.enabled=true --conf spark.eventLog.dir="file:$PWD/$work/events" \
    train --model "$work/watched" --overwrite --validation-fraction 0.1 --validate-every 20
  ./submit.sh history "$work/events" --port 18097 >"$work/history.log" &
  trap 'kill %1' EXIT
  until grep -q 18097 "$work/history.log"; do sleep 1; done
  application=$(ls -t "$work/events" | head -n 1 | sed 's/^eventlog_v2_//')
  chromium --headless --no-sandbox --hide-scrollbars --window-size=1280,1330 --virtual-time-budget=5000 \
    --screenshot="$work/training-tab.png" "http://127.0.0.1:18097/history/$application/training/"
  cp "$work/training-tab.png" docs/images/
fi
cp "$work"/{evaluate,samples,weights,explain}/*.png "$validated/learning-curve.png" docs/images/
