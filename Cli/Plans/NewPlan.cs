namespace Cli.Plans;

/// <summary>What <c>new</c> makes a plan of.</summary>
internal sealed record NewPlan
{
    public required string Name { get; init; }

    /// <summary>The family of the problems.</summary>
    public required string Family { get; init; }

    /// <summary>The data set's file name, for a family that is read.</summary>
    public string? Dataset { get; init; }

    /// <summary>How many problems of the data set each split has, and how long its solutions are.</summary>
    public DatasetSize? Size { get; init; }

    public required string Model { get; init; }

    /// <summary>Whether the model is asked in its chat template.</summary>
    public bool Chat { get; init; }

    /// <summary>The curriculum's methods in order, each of which is an arm of its own too.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>Other methods, each an arm of its own.</summary>
    public IReadOnlyList<string> Beside { get; init; } = [];

    /// <summary>Compute units for each arm.</summary>
    public required long Budget { get; init; }

    public required int Seeds { get; init; }

    /// <summary>Where the schema is, from the plan's own folder.</summary>
    public required string Schema { get; init; }

    /// <summary>The arm that the verdict is about.</summary>
    public string Curriculum => string.Join('-', Methods);
}

/// <summary>A data set as its splits.</summary>
/// <param name="Train">Problems to train on.</param>
/// <param name="Validation">Problems that choose checkpoints.</param>
/// <param name="Test">Problems that the verdict is about.</param>
/// <param name="Demonstrations">Of those to train on, how many have an expert's steps.</param>
/// <param name="LongestSolution">In characters.</param>
internal sealed record DatasetSize(int Train, int Validation, int Test, int Demonstrations, int LongestSolution);
