using GpuWorker.Execution;
using GpuWorker.Training;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Training;

[Trait("Speed", "fast")]
public sealed class ValueHeadTests
{
    public ValueHeadTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
    }

    // (1, 2) . (0.5, -1) + 0.25 = -1.25.
    [Fact]
    public void A_value_is_one_product_and_a_bias()
    {
        using var scope = NewDisposeScope();
        using ValueHead head = new(2, CPU, ScalarType.Float64);
        using (no_grad())
            head.Weights.copy_(tensor(new[] { 0.5, -1, 0.25 }));
        Assert.Equal(-1.25, head.Of(tensor(new double[] { 1, 2 }).view(1, 2)).item<double>(), 1e-12);
    }

    // Bias-corrected, the first step of AdamW is rate x g / (|g| + 1e-8).
    [Fact]
    public void The_first_step_moves_each_parameter_by_the_rate_and_the_rest_goes_on_bit_for_bit()
    {
        using ValueHead whole = new(2, CPU, ScalarType.Float64);
        Push(whole);
        Assert.All(whole.Weights.data<double>().ToArray(), weight => Assert.Equal(-0.1, weight, 1e-6));
        using ValueHead restored = new(2, CPU, ScalarType.Float64);
        restored.Load(whole.Save(), freshOptimizer: false);
        Push(whole);
        Push(restored);
        Assert.Equal(whole.Save().ToArray(), restored.Save().ToArray());

        using ValueHead fresh = new(2, CPU, ScalarType.Float64);
        fresh.Load(whole.Save(), freshOptimizer: true);
        Assert.Equal(whole.Weights.data<double>().ToArray(), fresh.Weights.data<double>().ToArray());
        Assert.NotEqual(whole.Save().ToArray(), fresh.Save().ToArray());
        using ValueHead other = new(3, CPU, ScalarType.Float64);
        Assert.Throws<InvalidDataException>(() => other.Load(whole.Save(), freshOptimizer: true));
    }

    private static void Push(ValueHead head)
    {
        using var scope = NewDisposeScope();
        double[] states = [1, 2];
        head.Of(tensor(states).view(1, 2)).sum().backward();
        head.Step(rate: 0.1, clip: 100);
    }
}
