using Curriculum.Plans;

namespace Curriculum.Training;

/// <summary>The factor on a stage's learning rates: level at first, then falling in a straight line to the floor as the allowance is spent.</summary>
public static class RateSchedule
{
    /// <summary>The share of the fall, so that it begins once 0.08 of the allowance is spent.</summary>
    private const double Slope = 1.08;

    /// <param name="optimizer">The stage's optimiser.</param>
    /// <param name="spent">Of the stage, attempts that were rolled back included.</param>
    /// <param name="allowed">In the same unit.</param>
    public static double Factor(OptimizerPlan optimizer, long spent, long allowed) =>
        Math.Min(1, optimizer.Floor + Slope * (1 - Math.Min(1, spent / (double)allowed)));
}
