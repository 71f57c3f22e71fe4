using static TorchSharp.torch;

namespace GpuWorker.Training;

/// <summary>A way through the transformer, from tokens to states, and back.</summary>
/// <remarks>B packs, T tokens, C hidden.</remarks>
internal interface IForwardPass
{
    /// <summary>States after the final norm, [B, T, C], or [1, T, C] of all packs one after another.</summary>
    Tensor HiddenBTC { get; }

    /// <summary>Goes back through the layers, once the loss has been gone back through down to <see cref="HiddenBTC"/>.</summary>
    void Backward();
}
