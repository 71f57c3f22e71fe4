namespace Curriculum.Stages;

/// <summary>The unit of compute: 1 per forward token, 3 per trained token, per pass.</summary>
public static class ComputeUnits
{
    public const long PerForwardToken = 1;

    public const long PerTrainedToken = 3;

    public static long Of(long forwardTokens, long trainedTokens) =>
        checked((PerForwardToken * forwardTokens) + (PerTrainedToken * trainedTokens));
}
