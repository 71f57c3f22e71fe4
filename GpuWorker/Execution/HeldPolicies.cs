using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Execution;

/// <summary>The policy and the reference that were used last, and what memory is left beside them.</summary>
internal sealed class HeldPolicies(ComputeOptions options, Device device) : IDisposable
{
    private readonly PolicyCache _policies = new(device);
    private readonly PolicyCache _references = new(device);

    /// <summary>A state's policy and that of its reference, if it has one; what was held for others makes room first.</summary>
    /// <exception cref="WorkFailedException">A state is corrupt, or the policies do not fit.</exception>
    public (LoadedPolicy Policy, LoadedPolicy? Reference, SamplingRoom Room) Take(LoadedInputs inputs, LoadedInputs? reference = null)
    {
        _policies.MakeRoomFor(inputs);
        _references.MakeRoomFor(reference);
        var wanted = (_policies.Holds(inputs) ? 0 : Size(inputs)) + (reference is null || _references.Holds(reference) ? 0 : Size(reference));
        if (wanted > Room().Bytes)
        {
            throw new WorkFailedException(
                WorkFailedException.TooLarge,
                $"Expected {(reference is null ? "a policy that fits" : "a policy and its reference that fit")} into the {MemoryEstimate.Megabytes(Room().Bytes)} that this worker has (Compute:MemoryMegabytes, or what is free), found {MemoryEstimate.Megabytes(wanted)}. Set base.precision to bfloat16, or use a worker with more memory.");
        }

        var (policy, second) = (_policies.Get(inputs), reference is null ? null : _references.Get(reference));
        return (policy, second, Room());
    }

    public void Dispose()
    {
        _policies.Dispose();
        _references.Dispose();
    }

    // What is free now has what is held taken off already.
    private SamplingRoom Room() =>
        new(Math.Max(0, MemoryLimit.Of(options) - (MemoryLimit.IsTotal(options) ? _policies.Held + _references.Held : 0)));

    // A config that cannot be read is the loading's to refuse.
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
