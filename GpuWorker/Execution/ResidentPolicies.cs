using GpuWorker.Items;
using GpuWorker.Memory;
using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Execution;

/// <summary>The policy and the reference that were used last, and how much memory is left beside them.</summary>
internal sealed class ResidentPolicies(ComputeOptions options, Device device) : IDisposable
{
    private readonly PolicyCache _policies = new(device, options.UsesLanes);
    private readonly PolicyCache _references = new(device, options.UsesLanes);

    /// <summary>A state's policy and its reference policy, if it has one; those of other states are evicted first.</summary>
    /// <exception cref="WorkFailedException">A state is corrupt, or the policies do not fit.</exception>
    public (LoadedPolicy Policy, LoadedPolicy? Reference, MemoryHeadroom Headroom) Acquire(LoadedInputs inputs, LoadedInputs? reference = null)
    {
        _policies.EvictUnless(inputs);
        _references.EvictUnless(reference);
        var wanted = (_policies.IsResident(inputs) ? 0 : Size(inputs)) + (reference is null || _references.IsResident(reference) ? 0 : Size(reference));
        if (wanted > Headroom().Bytes)
        {
            throw new WorkFailedException(
                WorkFailedException.TooLarge,
                $"Expected {(reference is null ? "a policy that fits" : "a policy and its reference that fit")} into this worker's {MemoryEstimate.Megabytes(Headroom().Bytes)} (Compute:MemoryMegabytes, or the free memory), found {MemoryEstimate.Megabytes(wanted)}. Set base.precision to bfloat16, or use a worker with more memory.");
        }

        var (policy, second) = (_policies.Get(inputs), reference is null ? null : _references.Get(reference));
        return (policy, second, Headroom());
    }

    public void Dispose()
    {
        _policies.Dispose();
        _references.Dispose();
    }

    // Free memory excludes the resident policies already.
    private MemoryHeadroom Headroom() =>
        new(Math.Max(0, MemoryLimit.Of(options) - (MemoryLimit.IsTotal(options) ? _policies.Bytes + _references.Bytes : 0)));

    // Loading refuses a config that cannot be read.
    private static long Size(LoadedInputs inputs)
    {
        try
        {
            var adapter = inputs.StateParts.GetValueOrDefault(StatePartNames.Adapter)?.Length ?? 0;
            return MemoryEstimate.OfPolicy(PolicyConfig.Read(inputs.Part(StatePartNames.Config).ToArray()), inputs.Precision, adapter);
        }
        catch (InvalidDataException)
        {
            return 0;
        }
    }
}
