namespace Scale;

/// <summary>What is simulated: a plan's shape, the service times of its items, and how machines behave.</summary>
internal sealed record Setting
{
    /// <summary>Arms that train, times seeds: each is a chain of iterations that follow one another.</summary>
    public int Chains { get; init; } = 12;

    /// <summary>Iterations of a chain.</summary>
    public int Iterations { get; init; } = 100;

    /// <summary>Seconds that an iteration's rollouts take on one worker, all together.</summary>
    public required double RolloutSeconds { get; init; }

    /// <summary>Seconds of an iteration's update, which is one item on one worker.</summary>
    public required double UpdateSeconds { get; init; }

    /// <summary>Rollout items of an iteration at most: one for each problem that is drawn.</summary>
    public int MostRolloutItems { get; init; } = 256;

    /// <summary>Least seconds of a rollout item: the longest completion is decoded whatever the number of rows.</summary>
    public required double LeastRolloutSeconds { get; init; }

    /// <summary>Seconds from a result to the message of the work that follows.</summary>
    public double StepSeconds { get; init; } = 0.5;

    /// <summary>Seconds to load a policy that another worker made.</summary>
    public required double PolicySeconds { get; init; }

    /// <summary>Seconds until a machine that was started takes its first item.</summary>
    public double StartSeconds { get; init; } = 180;

    /// <summary>Mean seconds between two evictions of a machine; infinite for none.</summary>
    public double EvictionSeconds { get; init; } = 12 * 3600;

    /// <summary>Seconds until the message of an item that was lost is visible again.</summary>
    public double VisibilitySeconds { get; init; } = 60;

    /// <summary>Spread of service times: the standard deviation of their logarithm. At 0.35 one item in twenty takes 1.8 times the median.</summary>
    public double Spread { get; init; } = 0.35;

    /// <summary>Price of a machine's second.</summary>
    public required double PricePerSecond { get; init; }

    /// <summary>Qwen2.5-7B's size over that of the policy whose speed was measured: service times grow in proportion.</summary>
    private const double Larger = 7.62e9 / 0.494e9;

    /// <summary>A plan over a 7B policy: 256 problems, 8 completions each of 1,000 tokens on average and 4,096 at most.</summary>
    /// <param name="spot">Whether machines may be evicted.</param>
    public static Setting SevenBillion(bool spot)
    {
        const double tokens = 256 * 8 * 1000;
        // docs/MODELS.md, one H200 at the 0.5B shape: rollouts of 1,024 rows, updates in micro-batches of 8,224 tokens, 16 ms a decode step at any number of rows.
        const double rolloutTokensPerSecond = 33_647, trainedTokensPerSecond = 63_117, decodeStepSeconds = 0.016;
        return new()
        {
            RolloutSeconds = tokens / rolloutTokensPerSecond * Larger,
            UpdateSeconds = tokens / trainedTokensPerSecond * Larger,
            LeastRolloutSeconds = 4096 * decodeStepSeconds,
            // 15 GB of bfloat16 weights from blob storage at 1 GB/s.
            PolicySeconds = 15,
            EvictionSeconds = spot ? 12 * 3600 : double.PositiveInfinity,
            PricePerSecond = 10.0 / 3600,
        };
    }
}
