namespace Curriculum.Evaluation;

/// <summary>Cohen's effect size of two proportions: h = 2 asin(sqrt(p)) - 2 asin(sqrt(q)) (Cohen 1988, chapter 6).</summary>
/// <remarks>0.2 is called small, 0.5 medium, 0.8 large; equal steps count alike near 0 and 1, unlike points.</remarks>
public static class CohenH
{
    public static double Of(double p, double q) => 2 * (Math.Asin(Math.Sqrt(Math.Clamp(p, 0, 1))) - Math.Asin(Math.Sqrt(Math.Clamp(q, 0, 1))));
}
