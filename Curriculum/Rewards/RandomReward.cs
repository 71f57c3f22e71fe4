using System.Globalization;
using Curriculum.Draws;
using Curriculum.Work;

namespace Curriculum.Rewards;

/// <summary>A control: 1 with probability gamma, whatever was written (Shao et al. 2025, Spurious Rewards).</summary>
public static class RandomReward
{
    /// <summary>A pure function of the draw key, the prompt and the sample; gamma 0 gives 0 and gamma 1 gives 1 always.</summary>
    public static double Of(RolloutPrompt prompt, double gamma, string drawKey, int sample)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{drawKey}/reward/{prompt.Problem.Id}/{prompt.Step ?? -1}");
        return KeyedRandom.Uniform(key, checked((ulong)sample)) < gamma ? 1 : 0;
    }
}
