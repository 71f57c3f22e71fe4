using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Training;

/// <summary>Muon for the weight matrices: Nesterov momentum, orthogonalised by five Newton-Schulz steps.</summary>
/// <remarks>
/// Keller Jordan et al. 2024 (kellerjordan.github.io/posts/muon): momentum 0.95, coefficients (3.4445, -4.7750, 2.0315), the step scaled by
/// sqrt(max(1, rows / columns)). Matrices of one shape, transposed ones with them, are orthogonalised in one batch.
/// </remarks>
internal sealed class Muon
{
    public const double Momentum = 0.95;

    private readonly long _matricesAt;
    private readonly ParameterSlot[][] _groups;

    public Muon(ParameterBuffer trained)
    {
        _matricesAt = trained.MatricesAt;
        _groups = [.. trained.Slots
            .Where(slot => slot.Offset >= trained.MatricesAt)
            .GroupBy(slot => (Math.Min(slot.Rows, slot.Columns), Math.Max(slot.Rows, slot.Columns)))
            .Select(group => group.ToArray())];
    }

    /// <summary>One step on the matrices' part of the flat buffers, changed in place.</summary>
    public void Step(Tensor parameters, Tensor gradient, Tensor momentum, double rate)
    {
        using var scope = NewDisposeScope();
        momentum.mul_(Momentum).add_(gradient, alpha: 1 - Momentum);
        var direction = (gradient * (1 - Momentum)).add_(momentum, alpha: Momentum);
        foreach (var group in _groups)
        {
            using var inner = NewDisposeScope();
            var orthogonal = Orthogonal(stack([.. group.Select(slot => Wide(Part(direction, slot), slot))]));
            for (var i = 0; i < group.Length; i++)
            {
                var scale = Math.Sqrt(Math.Max(1.0, (double)group[i].Rows / group[i].Columns));
                Wide(Part(parameters, group[i]), group[i]).add_(orthogonal.select(0, i), alpha: -rate * scale);
            }
        }
    }

    /// <summary>The nearest matrices with equal singular values, roughly: each of [n, rows, columns] with no more rows than columns.</summary>
    public static Tensor Orthogonal(Tensor matrices)
    {
        var x = matrices / (matrices.square().sum([1, 2], keepdim: true).sqrt() + 1e-7);
        for (var i = 0; i < 5; i++)
        {
            var a = x.bmm(x.transpose(1, 2));
            var b = a * -4.7750 + a.bmm(a) * 2.0315;
            x = x * 3.4445 + b.bmm(x);
        }

        return x;
    }

    private Tensor Part(Tensor matrices, ParameterSlot slot) =>
        matrices.narrow(0, slot.Offset - _matricesAt, slot.Length).view(slot.Rows, slot.Columns);

    private static Tensor Wide(Tensor matrix, ParameterSlot slot) => slot.Rows > slot.Columns ? matrix.t() : matrix;
}
