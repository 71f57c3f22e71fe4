using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Items;

namespace GpuWorker.Tests.Worker;

/// <summary>Does what a test says in place of computing, on the worker's compute thread.</summary>
internal sealed class FakeExecutor(Func<FakeExecutor.Call, ExecutionResult> compute) : IWorkExecutor
{
    private int _calls;

    public string Fingerprint => "fake;threads=1";

    /// <summary>How many computations were begun.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public LoadedInputs? LastInputs { get; private set; }

    /// <summary>Answers an evaluation at once.</summary>
    public static FakeExecutor Answering() => new(_ => Answer());

    public static ComputedOutput Answer(double meanTokens = 5) => new(new EvaluateOutput
    {
        Answers =
        [
            new()
            {
                ProblemId = "p1", GreedyCorrect = true, GreedyStepsValid = true, GreedyText = "#12$", Samples = 2, SamplesCorrect = 1,
                SamplesStepsValid = 1, MeanTokens = meanTokens,
            },
        ],
    });

    public static ComputedState State(IReadOnlyDictionary<string, StoredBytes> parts) => new(
        parts,
        new() { OptimizerSteps = 3, TrainedTokens = 100, Loss = 0.5, GradientNorm = 1, ClipFraction = 0, Entropy = 0.1 });

    public ExecutionResult Execute(WorkItem item, LoadedInputs inputs, IProgress<double> progress, CancellationToken cancellationToken)
    {
        LastInputs = inputs;
        Interlocked.Increment(ref _calls);
        return compute(new(item, progress, cancellationToken));
    }

    public void Dispose()
    {
    }

    internal sealed record Call(WorkItem Item, IProgress<double> Progress, CancellationToken Token)
    {
        /// <summary>Moves every 20 ms until the gate opens, as a computation that yields does.</summary>
        public void MoveUntil(ManualResetEventSlim gate)
        {
            for (var step = 0; !gate.Wait(20, Token); step++)
                Progress.Report(step / (step + 1.0));
        }
    }
}
