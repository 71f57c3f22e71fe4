namespace GpuWorker.Rollouts.Lanes;

/// <summary>A completion as it is written.</summary>
internal sealed class LaneRow(int prompt, GenerationPrompt source, Func<int, double>? draw, int maxNewTokens)
{
    private readonly int[] _tokens = new int[maxNewTokens];
    private readonly float[] _logProbs = new float[maxNewTokens];

    /// <summary>The index of its prompt.</summary>
    public int Prompt => prompt;

    public int PromptLength => source.Tokens.Length;

    /// <summary>Tokens written so far.</summary>
    public int Length { get; private set; }

    public int LastToken => _tokens[Length - 1];

    /// <summary>The position of the last token in prompt and completion.</summary>
    public int LastPosition => source.Tokens.Length + Length - 1;

    public bool IsGreedy => draw is null;

    /// <summary>The draw of the next token; 0 where the likeliest is taken.</summary>
    public double Uniform => draw?.Invoke(Length) ?? 0;

    /// <summary>Whether it ended with a stop token.</summary>
    public bool Terminated { get; private set; }

    /// <summary>Whether nothing more is written.</summary>
    public bool Ended => Terminated || Length == maxNewTokens;

    /// <summary>Whether every log-probability was finite.</summary>
    public bool Finite { get; private set; } = true;

    public void Take(SampledToken drawn)
    {
        (_tokens[Length], _logProbs[Length]) = (drawn.Token, drawn.LogProb);
        Length++;
        Terminated = source.StopTokens.Contains(drawn.Token);
        Finite &= float.IsFinite(drawn.LogProb);
    }

    public Completion ToCompletion() => new(_tokens[..Length], _logProbs[..Length], Terminated);
}
