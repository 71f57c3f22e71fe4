namespace Curriculum.Submission;

/// <summary>A set of problems that a plan asks for cannot be made.</summary>
/// <param name="pointer">JSON pointer of the set within the plan.</param>
/// <param name="message">What was expected and what was found.</param>
public sealed class PoolFault(string pointer, string message) : ArgumentException(message)
{
    public string Pointer => pointer;
}
