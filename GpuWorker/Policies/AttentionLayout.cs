using static TorchSharp.torch;

namespace GpuWorker.Policies;

/// <summary>Positions and attention mask of rows that are not plainly causal.</summary>
/// <param name="PositionsBT">Each token's position, int64.</param>
/// <param name="MaskB1TT">0, or minus infinity where the row's token must not see the column's.</param>
internal sealed record AttentionLayout(Tensor PositionsBT, Tensor MaskB1TT)
{
    /// <summary>Rows that end together: row b has <paramref name="lengths"/>[b] tokens, left-padded with what no token attends to.</summary>
    public static AttentionLayout LeftPadded(IReadOnlyList<int> lengths, int width, ScalarType dtype, Device device)
    {
        var (rows, positions) = (lengths.Count, new long[lengths.Count * width]);
        var mask = new float[rows * width * width];
        Array.Fill(mask, float.NegativeInfinity);
        for (var row = 0; row < rows; row++)
        {
            var padding = width - lengths[row];
            for (var t = 0; t < width; t++)
            {
                positions[row * width + t] = Math.Max(0, t - padding);
                // Padding attends to itself: a row that attends to nothing is NaN.
                var first = t < padding ? t : padding;
                mask.AsSpan((row * width + t) * width + first, t - first + 1).Clear();
            }
        }

        return new(tensor(positions, [rows, width], device: device), tensor(mask, [rows, 1, width, width], dtype, device));
    }
}
