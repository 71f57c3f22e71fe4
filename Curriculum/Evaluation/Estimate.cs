namespace Curriculum.Evaluation;

/// <summary>A figure and its interval.</summary>
public sealed record Estimate(double Value, double Low, double High);
