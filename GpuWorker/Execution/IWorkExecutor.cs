using Curriculum.Work;
using GpuWorker.Items;

namespace GpuWorker.Execution;

/// <summary>Computes one work item: no queues, no blobs, no clock.</summary>
/// <remarks>
/// One instance per worker, used by one thread at a time. <see cref="WorkExecutor"/> computes; the worker loop's tests use a named fake.
/// </remarks>
internal interface IWorkExecutor : IDisposable
{
    /// <summary>The numerics fingerprint, e.g. <c>cpu;avx512;libtorch 2.10.0.0;float32;threads=1</c>.</summary>
    string Fingerprint { get; }

    /// <summary>Computes the item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="inputs">Everything the item refers to, already read and verified against its hashes.</param>
    /// <param name="progress">Receives the share done, 0 to 1, from the compute loop itself, every few tokens or steps.</param>
    /// <param name="cancellationToken">Checked wherever progress is reported.</param>
    /// <exception cref="WorkFailedException">The item has no output, and retrying would not give one.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    ExecutionResult Execute(
        WorkItem item, LoadedInputs inputs, IProgress<double> progress, CancellationToken cancellationToken);
}
