using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Execution;

/// <summary>The policy that was used last: rollouts and evaluations of one state come one after another.</summary>
internal sealed class PolicyCache(Device device) : IDisposable
{
    private string? _key;
    private LoadedPolicy? _policy;

    /// <summary>Bytes of the policy that is held; 0 for none.</summary>
    public long Held => _policy is null ? 0 : _policy.Weights.Own.Bytes + (_policy.Weights.Adapter?.Buffer.Bytes ?? 0);

    /// <summary>Whether the state's policy is the one that is held.</summary>
    public bool Holds(LoadedInputs inputs) => _policy is not null && inputs.StateKey is not null && inputs.StateKey == _key;

    /// <summary>Lets go of a policy that is not this state's; null for any.</summary>
    public void MakeRoomFor(LoadedInputs? inputs)
    {
        if (inputs is null || !Holds(inputs))
            Dispose();
    }

    /// <summary>The state's policy, parsed unless it was the last one.</summary>
    /// <exception cref="WorkFailedException">The state is corrupt.</exception>
    public LoadedPolicy Get(LoadedInputs inputs)
    {
        if (_policy is null || !Holds(inputs))
        {
            Dispose();
            using var scope = NewDisposeScope();
            (_policy, _key) = (LoadedPolicy.Load(inputs, device), inputs.StateKey);
        }

        return _policy;
    }

    public void Dispose()
    {
        _policy?.Dispose();
        (_policy, _key) = (null, null);
    }
}
