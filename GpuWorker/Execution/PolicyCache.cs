using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Execution;

/// <summary>The policy that was used last: rollouts and evaluations of one state come one after another.</summary>
internal sealed class PolicyCache(Device device) : IDisposable
{
    private string? _key;
    private LoadedPolicy? _policy;

    /// <summary>The state's policy, parsed unless it was the last one.</summary>
    /// <exception cref="WorkFailedException">The state is corrupt.</exception>
    public LoadedPolicy Get(LoadedInputs inputs)
    {
        if (_policy is null || inputs.StateKey is null || inputs.StateKey != _key)
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
