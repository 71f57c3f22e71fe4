using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Policies;

/// <summary>Parameters in one flat buffer, with a view for each use: what an optimiser trains.</summary>
/// <remarks>
/// Gradients accumulate in a flat buffer of the same order. Those of low-precision parameters are summed in float32, micro-batch by micro-batch.
/// </remarks>
internal sealed class ParameterBuffer(IReadOnlyList<ParameterSlot> slots, long matricesAt, Tensor flat) : IDisposable
{
    private readonly List<(Tensor View, ParameterSlot Slot)> _leaves = [];

    public IReadOnlyList<ParameterSlot> Slots => slots;

    /// <summary>Where the weight matrices begin; before them lie embedding, vectors and output.</summary>
    public long MatricesAt => matricesAt;

    public long Length => flat.numel();

    public Tensor Flat => flat;

    public long Bytes => flat.numel() * flat.element_size();

    /// <summary>Whether the parameters have less than 32 bits, so that the optimiser keeps float32 master weights.</summary>
    public bool IsLowPrecision => flat.dtype is ScalarType.BFloat16 or ScalarType.Float16;

    /// <summary>Every parameter's gradient; null until <see cref="RequireGradients"/>.</summary>
    public Tensor? Gradient { get; private set; }

    /// <summary>A view of one or more slots that lie side by side, which can be trained.</summary>
    public Tensor View(ParameterSlot slot)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var view = flat.narrow(0, slot.Offset, slot.Length).view(slot.Shape).detach().DetachFromDisposeScope();
        _leaves.Add((view, slot));
        return view;
    }

    /// <summary>Makes the parameters trainable.</summary>
    public Tensor RequireGradients()
    {
        if (Gradient is not null)
            return Gradient;

        using var scope = NewDisposeScope();
        using var none = no_grad();
        Gradient = zeros_like(flat, dtype: IsLowPrecision ? ScalarType.Float32 : flat.dtype).DetachFromDisposeScope();
        foreach (var (view, slot) in _leaves)
        {
            view.requires_grad_(true);
            if (!IsLowPrecision)
                view.grad = Gradient.narrow(0, slot.Offset, slot.Length).view(slot.Shape);
        }

        return Gradient;
    }

    /// <summary>Called after each backward pass: adds the gradients of low-precision parameters to <see cref="Gradient"/>; others are there already.</summary>
    public void AccumulateGradients()
    {
        if (!IsLowPrecision || Gradient is null)
            return;

        using var scope = NewDisposeScope();
        using var none = no_grad();
        foreach (var (view, slot) in _leaves)
        {
            if (view.grad is not { } gradient)
                continue;
            Gradient.narrow(0, slot.Offset, slot.Length).add_(gradient.reshape(-1));
            gradient.zero_();
        }
    }

    public void Dispose()
    {
        foreach (var (view, _) in _leaves)
            view.Dispose();
        Gradient?.Dispose();
        flat.Dispose();
    }
}
