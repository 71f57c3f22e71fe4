using Curriculum.Work;
using GpuWorker.Items;
using GpuWorker.Memory;
using GpuWorker.Policies;
using GpuWorker.Rollouts;
using GpuWorker.Training;
using GpuWorker.Verifiers;
using static TorchSharp.torch;

namespace GpuWorker.Execution;

/// <summary>Computes work items with TorchSharp on one device.</summary>
internal sealed class WorkExecutor : IWorkExecutor
{
    private readonly ComputeOptions _options;
    private readonly Device _device;
    private readonly ResidentPolicies _policies;
    private readonly VerifierPlugins _verifiers;

    /// <exception cref="ArgumentException">There is no such device here.</exception>
    public WorkExecutor(ComputeOptions options, VerifierPlugins? verifiers = null)
    {
        _device = ComputeDevice.Open(options.Device);
        if (options.Threads < 1)
            throw new ArgumentException($"Expected at least 1 thread, found {options.Threads}.", nameof(options));

        _options = options;
        _verifiers = verifiers ?? VerifierPlugins.None;
        _policies = new(options, _device);
        Fingerprint = NumericsFingerprint.Of(options);
    }

    public string Fingerprint { get; }

    public ExecutionResult Execute(WorkItem item, LoadedInputs inputs, IProgress<double> progress, CancellationToken cancellationToken)
    {
        // libtorch keeps this setting per thread, and the caller's thread may be another one each time.
        if (get_num_threads() != _options.Threads)
            set_num_threads(_options.Threads);

        void Heartbeat(double share)
        {
            cancellationToken.ThrowIfCancellationRequested();
            NoGcRegion.Renew();
            progress.Report(share);
        }

        ComputedOutput With(Func<LoadedPolicy, MemoryHeadroom, WorkOutput> compute)
        {
            var (policy, _, headroom) = _policies.Acquire(inputs);
            return new(compute(policy, headroom));
        }

        Heartbeat(0);
        using var scope = NewDisposeScope();
        return item switch
        {
            RolloutItem rollout => new ComputedOutput(Rollout(rollout, inputs, Heartbeat)),
            ContinueItem continuing => With((policy, headroom) => ContinuationWork.Execute(continuing, policy, headroom, Heartbeat)),
            ScoreItem scoring => With((policy, headroom) => ScoringWork.Execute(scoring, policy, headroom, Heartbeat)),
            EvaluateItem evaluation => With((policy, headroom) => EvaluationWork.Execute(evaluation, policy, _verifiers, headroom, Heartbeat)),
            UpdateItem update => Update(update, inputs, Heartbeat),
            ColocatedItem colocated => ColocatedWork.Execute(colocated, inputs, this, Heartbeat, cancellationToken),
            PretrainItem pretraining => PretrainWork.Execute(pretraining, _device, _options.UsesLanes, Heartbeat),
            _ => throw new WorkFailedException(WorkFailedException.BadItem, $"Expected a rollout, evaluation, continuation, scoring, update or pretraining, found {item.Id}."),
        };
    }

    private ComputedState Update(UpdateItem item, LoadedInputs inputs, Action<double> heartbeat)
    {
        // The policies of earlier rollouts make room for the one to be trained.
        _policies.Dispose();
        return UpdateWork.Execute(item, inputs, _device, _options.UsesLanes, MemoryLimit.Of(_options), heartbeat);
    }

    public void Dispose() => _policies.Dispose();

    private RolloutOutput Rollout(RolloutItem item, LoadedInputs inputs, Action<double> heartbeat)
    {
        var reference = item.Reference is null ? null : VocabularyExtension.Of(
            inputs.Reference ?? throw new WorkFailedException(WorkFailedException.BadItem, "Expected the reference's state with an item that names one, found none."), item.Characters);
        var acquired = _policies.Acquire(VocabularyExtension.Of(inputs, item.Characters), reference);
        using var values = item.Values ? ValueHead.Load(acquired.Policy.Weights, inputs, freshOptimizer: true) : null;
        return RolloutWork.Execute(item, acquired.Policy, acquired.Reference, values, _verifiers, acquired.Headroom, heartbeat);
    }
}
