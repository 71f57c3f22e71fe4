using Curriculum.Work;
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
    private readonly HeldPolicies _policies;
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

        void Mark(double share)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CollectorPause.Renew();
            progress.Report(share);
        }

        ComputedOutput With(Func<LoadedPolicy, SamplingRoom, WorkOutput> compute)
        {
            var (policy, _, room) = _policies.Take(inputs);
            return new(compute(policy, room));
        }

        Mark(0);
        using var scope = NewDisposeScope();
        return item switch
        {
            RolloutItem rollout => new ComputedOutput(Rollout(rollout, inputs, Mark)),
            ContinueItem continuing => With((policy, room) => ContinuationWork.Execute(continuing, policy, room, Mark)),
            ScoreItem scoring => With((policy, room) => ScoringWork.Execute(scoring, policy, room, Mark)),
            EvaluateItem evaluation => With((policy, room) => EvaluationWork.Execute(evaluation, policy, _verifiers, room, Mark)),
            UpdateItem update => Update(update, inputs, Mark),
            PretrainItem pretraining => PretrainWork.Execute(pretraining, _device, Mark),
            _ => throw new WorkFailedException(WorkFailedException.BadItem, $"Expected a rollout, evaluation, continuation, scoring, update or pretraining, found {item.Id}."),
        };
    }

    private ComputedState Update(UpdateItem item, LoadedInputs inputs, Action<double> mark)
    {
        // The policies of the last rollouts make room for the one that is trained.
        _policies.Dispose();
        return UpdateWork.Execute(item, inputs, _device, MemoryLimit.Of(_options), mark);
    }

    public void Dispose() => _policies.Dispose();

    private RolloutOutput Rollout(RolloutItem item, LoadedInputs inputs, Action<double> mark)
    {
        var reference = item.Reference is null ? null : VocabularyExtension.Of(
            inputs.Reference ?? throw new WorkFailedException(WorkFailedException.BadItem, "Expected the reference's state with an item that names one, found none."), item.Characters);
        var held = _policies.Take(VocabularyExtension.Of(inputs, item.Characters), reference);
        using var values = item.Values ? ValueHead.Load(held.Policy.Weights, inputs, freshOptimizer: true) : null;
        return RolloutWork.Execute(item, held.Policy, held.Reference, values, _verifiers, held.Room, mark);
    }
}
