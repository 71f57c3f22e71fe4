using static TorchSharp.torch;

namespace GpuWorker.Training.Lanes;

/// <summary>One micro-batch through <see cref="LaneTraining"/>.</summary>
internal sealed class LanePass(LaneTraining lanes, TokenLayout tokens) : IForwardPass
{
    public Tensor HiddenBTC { get; } = lanes.Forward(tokens);

    public void Backward() => lanes.Back(HiddenBTC.grad ?? throw new InvalidOperationException("Expected a gradient of the states, found none."));
}
