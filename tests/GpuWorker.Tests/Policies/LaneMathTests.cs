using System.Runtime.Intrinsics;
using GpuWorker.Policies.Packed;
using GpuWorker.Rollouts.Lanes;

namespace GpuWorker.Tests.Policies;

[Trait("Speed", "fast")]
public sealed class LaneMathTests
{
    public LaneMathTests() => Assert.SkipUnless(LanesFit.Supported, "Needs a processor with registers of 512 bits.");

    [Fact]
    public void Exponentials_are_within_two_units_in_the_last_place()
    {
        for (var x = -87.0; x <= 88; x += 0.00137)
        {
            var (single, found) = ((float)x, LaneMath.Exp(Vector512.Create((float)x)).ToScalar());
            var expected = Math.Exp(single);
            Assert.True(Math.Abs(found - expected) <= 2 * (MathF.BitIncrement((float)expected) - (float)expected), $"e^{single} is {expected}, found {found}.");
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-104.5f, 0)]
    [InlineData(-1e18f, 0)]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(200, float.PositiveInfinity)]
    public void Exponentials_of_the_ends_are_exact(float x, float expected) => Assert.Equal(expected, LaneMath.Exp(Vector512.Create(x)).ToScalar());
}
