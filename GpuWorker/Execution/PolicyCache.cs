using GpuWorker.Items;
using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Execution;

/// <summary>The policy used last: rollouts and evaluations of one state follow each other.</summary>
internal sealed class PolicyCache(Device device, bool lanes) : IDisposable
{
    private string? _key;
    private LoadedPolicy? _policy;

    /// <summary>Size of the resident policy; 0 for none.</summary>
    public long Bytes => _policy is null ? 0 : _policy.Weights.Parameters.Bytes + (_policy.Weights.Adapter?.Buffer.Bytes ?? 0);

    /// <summary>Whether the state's policy is the resident one.</summary>
    public bool IsResident(LoadedInputs inputs) => _policy is not null && inputs.StateKey is not null && inputs.StateKey == _key;

    /// <summary>Evicts a policy that is not this state's; null for any.</summary>
    public void EvictUnless(LoadedInputs? inputs)
    {
        if (inputs is null || !IsResident(inputs))
            Dispose();
    }

    /// <summary>The state's policy, loaded unless it is resident.</summary>
    /// <exception cref="WorkFailedException">The state is corrupt.</exception>
    public LoadedPolicy Get(LoadedInputs inputs)
    {
        if (_policy is null || !IsResident(inputs))
        {
            Dispose();
            using var scope = NewDisposeScope();
            (_policy, _key) = (LoadedPolicy.Load(inputs, device, lanes), inputs.StateKey);
        }

        return _policy;
    }

    public void Dispose()
    {
        _policy?.Dispose();
        (_policy, _key) = (null, null);
    }
}
