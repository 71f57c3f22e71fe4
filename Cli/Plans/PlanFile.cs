using Cli.Terminal;
using Curriculum.Plans;
using Curriculum.Submission;

namespace Cli.Plans;

/// <summary>A plan's file, and the data sets and the model that lie beside it.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Content">As it is submitted.</param>
/// <param name="Reading">The plan, or what is wrong with it.</param>
internal sealed record PlanFile(string Path, byte[] Content, PlanReading Reading)
{
    public string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;

    /// <exception cref="CommandException">There is no such file.</exception>
    public static PlanFile Read(string path)
    {
        try
        {
            var content = File.ReadAllBytes(path);
            return new(path, content, PlanReader.Read(content));
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CommandException.Refused($"Expected a plan; there is no file {path}.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Refused($"Expected a plan in {path}; it cannot be read: {fault.Message}");
        }
    }

    /// <summary>The folder of the plan's model: beside the plan, or among those that come with the project; null where there is none.</summary>
    public string? ModelFolder(Checkout checkout, RunPlan plan) => plan.Base.Model is not { } model ? null
        : new[] { System.IO.Path.Combine(Folder, "models", model), System.IO.Path.Combine(checkout.Models, model) }.FirstOrDefault(Directory.Exists);

    /// <summary>A data set beside the plan; null where it is not there.</summary>
    public string? DatasetFile(string name) => System.IO.Path.Combine(Folder, name) is var file && File.Exists(file) ? file : null;
}
