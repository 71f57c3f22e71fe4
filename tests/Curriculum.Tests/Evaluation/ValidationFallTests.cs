using Curriculum.Evaluation;

namespace Curriculum.Tests.Evaluation;

[Trait("Speed", "fast")]
public sealed class ValidationFallTests
{
    [Fact]
    public void A_fall_is_the_first_accuracy_below_the_lower_end_of_the_start_s_interval()
    {
        // 128 of 128: the Wilson interval begins at 128 / (128 + 1.96^2) = 0.9709.
        var fall = ValidationFall.Find([(0, -1, 1, 128), (0, 4, 125 / 128.0, 128), (0, 9, 124 / 128.0, 128), (0, 14, 0, 128)], 0.95);
        Assert.Equal((0, 9, 124 / 128.0), (fall!.Attempt, fall.Iteration, fall.Accuracy));
        Assert.Equal(0.9709, fall.Start.Low, 1e-4);
    }

    [Fact]
    public void Without_a_fall_or_without_a_validated_start_there_is_none()
    {
        Assert.Null(ValidationFall.Find([(0, -1, 0.5, 128), (0, 4, 0.49, 128)], 0.95));
        Assert.Null(ValidationFall.Find([(0, 4, 1, 128), (0, 9, 0, 128)], 0.95));
        Assert.Null(ValidationFall.Find([], 0.95));
    }
}
