using static TorchSharp.torch;

namespace GpuWorker.Training.Lanes;

/// <summary>One micro-batch through <see cref="LaneTraining"/>.</summary>
internal sealed class LanePass(LaneTraining lanes, IReadOnlyList<Pack> packs) : IForwardPass
{
    public Tensor HiddenBTC { get; } = lanes.Forward(new(packs));

    public void Backward() => lanes.Back(HiddenBTC.grad ?? throw new InvalidOperationException("Expected a gradient of the states, found none."));
}
