namespace Curriculum.Rewards;

/// <summary>The format of a completion: plain, or <c>&lt;think&gt;monologue&lt;/think&gt;action</c>.</summary>
public static class Completion
{
    private const string Open = "<think>";
    private const string Close = "</think>";

    /// <summary>The part that is judged: all of it, or what follows the monologue; null where the format fails.</summary>
    /// <remarks>With a monologue: exactly one opening tag, at the start but for white space, and exactly one closing tag after it.</remarks>
    public static string? Action(string completion, bool monologue)
    {
        if (!monologue)
            return completion;
        var start = completion.AsSpan().TrimStart();
        if (!start.StartsWith(Open, StringComparison.Ordinal))
            return null;
        var body = start[Open.Length..];
        var close = body.IndexOf(Close, StringComparison.Ordinal);
        if (close < 0 || body.Contains(Open, StringComparison.Ordinal))
            return null;
        var action = body[(close + Close.Length)..];
        return action.Contains(Close, StringComparison.Ordinal) ? null : action.ToString();
    }
}
