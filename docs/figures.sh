#!/usr/bin/env bash
# Makes the figures of README.md and docs/the-math.md anew, with Kindling's own commands. A model that is in models/ already
# is drawn as it is; one that is not is trained.
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
./submit.sh explain --model "$model" --id 1681 --output "$work/explain" --overwrite

mkdir -p docs/images
cp "$work"/{evaluate,samples,weights,explain}/*.png "$validated/learning-curve.png" docs/images/
