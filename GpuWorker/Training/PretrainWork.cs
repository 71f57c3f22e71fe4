using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;
using GpuWorker.Items;
using GpuWorker.Policies;
using GpuWorker.Tokenizers;
using static TorchSharp.torch;

namespace GpuWorker.Training;

/// <summary>Trains the small two-dials base from random weights on <see cref="PretrainingText"/>.</summary>
/// <remarks>Muon at 0.01 on the matrices, AdamW at 2e-3 on the rest; constant to 60 % of the updates, then linear down to 3 %.</remarks>
internal static class PretrainWork
{
    private static readonly OptimizerPlan Optimizer = new()
    {
        Matrices = OptimizerKind.Muon,
        LearningRate = 2e-3,
        MatrixLearningRate = 0.01,
    };

    /// <exception cref="WorkFailedException">The plan asks for nothing, or training diverged to non-finite numbers.</exception>
    public static ComputedState Execute(PretrainItem item, Device device, bool lanes, Action<double> heartbeat)
    {
        var plan = item.Plan;
        if (plan.Updates < 1 || plan.Rows < 1)
            throw new WorkFailedException(WorkFailedException.BadItem, $"Expected at least one update and one row, found {plan.Updates} and {plan.Rows}.");

        CharacterTokenizer tokenizer = new(TwoDials.Characters);
        using var weights = PolicyWeights.Random(PolicyConfig.Small(TwoDials.Characters), plan.Seed, device);
        using PolicyOptimizer optimizer = new(weights, Optimizer);
        using Trainer trainer = new(weights, optimizer, LossKind.Likelihood, new(), longest: 1) { Lanes = lanes };
        for (var update = 0; update < plan.Updates; update++)
        {
            var progress = (double)update / plan.Updates;
            var rows = Enumerable.Range(0, plan.Rows)
                .Select(row => Row(PretrainingText.Row(plan, update, row, progress), tokenizer))
                .ToArray();
            trainer.Train(rows, RateFactor(progress), _ => { });
            heartbeat((double)(update + 1) / plan.Updates);
        }

        return UpdateWork.NewState(
            weights, weights.Config.ToBytes(), optimizer, values: null, TrainingCounters.Zero.Add(plan.Updates, trainer.Metrics), trainer.Metrics, LoadedInputs.None, LoadedInputs.None);
    }

    private static double RateFactor(double progress) => progress < 0.6 ? 1 : 1 - 0.97 * (progress - 0.6) / 0.4;

    private static TrainingRow Row(PretrainingRow row, CharacterTokenizer tokenizer)
    {
        var tokens = tokenizer.Encode(row.Text);
        var weights = new float[tokens.Length - 1];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = i + 1 < row.Context ? PretrainingRow.ContextWeight : 1;
        return new(tokens, 1, weights, null);
    }
}
