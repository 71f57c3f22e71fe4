namespace Curriculum.Evaluation;

/// <summary>The first validation of a stage whose greedy accuracy is below that of the stage's start by more than the start's interval.</summary>
/// <param name="Attempt">Of the stage.</param>
/// <param name="Iteration">The iteration before that validation, from 0.</param>
/// <param name="Accuracy">What it reached.</param>
/// <param name="Start">Accuracy of the state that the stage began with, with its Wilson interval.</param>
public sealed record ValidationFall(int Attempt, int Iteration, double Accuracy, Estimate Start)
{
    /// <summary>Looks for it among the validations of one stage, in their order.</summary>
    /// <param name="points">Attempt, iteration (-1 at the start), greedy accuracy and number of problems of each.</param>
    /// <param name="confidence">Of the interval.</param>
    public static ValidationFall? Find(IEnumerable<(int Attempt, int Iteration, double Accuracy, int Problems)> points, double confidence)
    {
        Estimate? start = null;
        foreach (var point in points)
        {
            if (start is null)
            {
                if (point.Iteration >= 0)
                    return null;
                start = Wilson.Interval((int)Math.Round(point.Accuracy * point.Problems), point.Problems, confidence);
            }
            else if (point.Accuracy < start.Low)
            {
                return new(point.Attempt, point.Iteration, point.Accuracy, start);
            }
        }

        return null;
    }
}
