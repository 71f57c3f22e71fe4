using GpuWorker.Rollouts.Lanes;
using GpuWorker.Training.Lanes;

namespace GpuWorker.Tests.Training.Lanes;

[Trait("Speed", "fast")]
public sealed unsafe class ProductTests
{
    public ProductTests() => Assert.SkipUnless(LanesFit.Supported, "This processor has no registers of 512 bits.");

    [Theory]
    [InlineData(1, 16, 1)]
    [InlineData(7, 48, 5)]
    [InlineData(8, 32, 64)]
    [InlineData(9, 16, 300)]
    [InlineData(23, 80, 513)]
    public void A_product_is_the_sum_of_products_however_its_factors_lie(int rows, int columns, int depth)
    {
        Random random = new(rows + columns + depth);
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        var (a, b, before) = (Numbers(rows * depth), Numbers(depth * columns), Numbers(rows * columns));
        var turned = Enumerable.Range(0, depth * rows).Select(i => a[i % rows * depth + i / rows]).ToArray();
        var blocks = Enumerable.Range(0, depth * columns).Select(i => b[i % (depth * 16) / 16 * columns + i / (depth * 16) * 16 + i % 16]).ToArray();
        foreach (var add in (bool[])[false, true])
        {
            double[] expected = [.. Enumerable.Range(0, rows * columns).Select(i =>
                Enumerable.Range(0, depth).Sum(k => (double)a[i / columns * depth + k] * b[k * columns + i % columns]) + (add ? before[i] : 0))];
            fixed (float* one = a, other = turned, plain = b, packed = blocks)
            {
                foreach (var left in (Left[])[new(one, depth, 1), new(other, 1, rows)])
                {
                    foreach (var right in (Right[])[new(plain, columns), new(packed, 16, depth * 16)])
                    {
                        // One number after the last row stays as it is.
                        float[] found = [.. before, 42];
                        fixed (float* to = found)
                            Product.Of(left, right, to, columns, rows, columns, depth, add);
                        for (var i = 0; i < expected.Length; i++)
                            Assert.Equal(expected[i], found[i], 1e-4);
                        Assert.Equal(42, found[^1]);
                    }
                }
            }
        }
    }
}
