namespace Curriculum.Submission;

/// <summary>Collects violations, and remembers which values cannot be checked any further.</summary>
internal sealed class PlanFindings(int most)
{
    private readonly List<PlanViolation> _violations = [];
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);
    private int _count;

    public bool Any => _count > 0;

    public IReadOnlyList<PlanViolation> List() => _count <= most
        ? _violations
        : [.. _violations, new("", $"And {_count - most} more violations.")];

    public void Add(string pointer, string message)
    {
        _count++;
        if (_violations.Count < most)
            _violations.Add(new(pointer, message));
    }

    /// <summary>Adds a violation and marks the value as replaced by a stand-in, which no rule may check.</summary>
    public void Break(string pointer, string message)
    {
        Add(pointer, message);
        _broken.Add(pointer);
    }

    /// <summary>Whether neither the value nor anything it lies in is broken.</summary>
    public bool Sound(string pointer)
    {
        for (var end = pointer.Length; end >= 0; end = end == 0 ? -1 : pointer.LastIndexOf('/', end - 1))
        {
            if (_broken.Contains(pointer[..end]))
                return false;
        }

        return true;
    }

    /// <summary>Adds a rule's violation if all the values it depends on are valid.</summary>
    public void Require(bool holds, string pointer, string message, params ReadOnlySpan<string> lookedAt)
    {
        if (holds || !Sound(pointer))
            return;

        foreach (var other in lookedAt)
        {
            if (!Sound(other))
                return;
        }

        Add(pointer, message);
    }
}
