using Curriculum.Plans;
using Curriculum.Work;
using GpuWorker.Policies;
using GpuWorker.Rollouts;
using GpuWorker.Tests.Rollouts;
using GpuWorker.Tests.Training;
using GpuWorker.Training;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Execution;

/// <summary>Counts every tensor of the process, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(TensorLeakTests), DisableParallelization = true)]
[Collection(nameof(TensorLeakTests))]
[Trait("Speed", "fast")]
public sealed class TensorLeakTests
{
    public TensorLeakTests() => set_num_threads(1);

    [Fact]
    public void Generating_leaves_no_tensor_behind()
    {
        using var weights = PolicyWeights.Random(PolicyConfig.Small("abcdefgh"), 3, CPU);
        CompletionGenerator generator = new(weights);
        void Run() => generator.Generate(
            [new([1, 2], CompletionGeneratorTests.Stop, [CompletionGeneratorTests.Draws(0, 0), CompletionGeneratorTests.Draws(0, 1)]),
            new([4], CompletionGeneratorTests.Stop, [CompletionGeneratorTests.Draws(1, 0)])], 25, 1, _ => { });
        Run();
        var before = SettledCount();
        Run();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Training_leaves_no_tensor_behind()
    {
        void Run(OptimizerKind matrices)
        {
            using var weights = PolicyWeights.Random(TrainerTests.Tiny, 1, CPU);
            using PolicyOptimizer optimizer = new(weights, new() { Matrices = matrices });
            using Trainer trainer = new(weights, optimizer, LossKind.PolicyGradient, new(), 8);
            trainer.Train(TrainerTests.Rows(0), 1, _ => { });
            optimizer.Load(optimizer.Save());
        }

        Run(OptimizerKind.Muon);
        var before = SettledCount();
        Run(OptimizerKind.Muon);
        Run(OptimizerKind.AdamW);
        Assert.Equal(before, Tensor.TotalCount);
    }

    // Tensors that earlier tests left to the finalizer must not go in between; a leak of the run itself is counted before it is finalized.
    private static long SettledCount()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}
