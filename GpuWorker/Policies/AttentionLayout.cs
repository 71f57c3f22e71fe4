using static TorchSharp.torch;

namespace GpuWorker.Policies;

/// <summary>Positions and attention mask of rows that are not plainly causal.</summary>
/// <param name="PositionsBT">Each token's position, int64.</param>
/// <param name="MaskB1TT">0, or minus infinity where the row's token must not see the column's.</param>
internal sealed record AttentionLayout(Tensor PositionsBT, Tensor MaskB1TT);
