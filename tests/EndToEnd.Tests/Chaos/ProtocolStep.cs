namespace EndToEnd.Tests.Chaos;

/// <summary>A step of a process's protocol, by the storage request that it makes.</summary>
/// <param name="Process"><c>host</c> or <c>worker</c>.</param>
/// <param name="Name">What the process does.</param>
/// <param name="Method">The request's method.</param>
/// <param name="Fragment">What its path with query contains.</param>
/// <param name="End">What its path ends with, where the fragment alone does not tell.</param>
internal sealed record ProtocolStep(string Process, string Name, string Method, string Fragment, string End = "")
{
    /// <summary>Every step that a worker takes with an item, and that the host takes with a run.</summary>
    public static IReadOnlyList<ProtocolStep> All { get; } =
    [
        new("worker", "receives a message", "GET", "/work/messages"),
        new("worker", "writes its claim", "PUT", "/claim"),
        new("worker", "reads the control", "GET", "/control"),
        new("worker", "freezes the base", "PUT", "/base/", "/state"),
        new("worker", "writes a state", "PUT", "/states/", "/state"),
        new("worker", "reads the task of a colocated stage", "GET", "/tasks/"),
        new("worker", "writes a colocated stage's checkpoint", "PUT", "/checkpoints/sft/", "/state"),
        new("worker", "writes what iterations left behind", "PUT", "/done/"),
        new("worker", "stores the result", "PUT", "/result.json"),
        new("worker", "reports", "POST", "/results/messages"),
        new("worker", "deletes the message", "DELETE", "/work/messages"),
        new("host", "stores the plan", "PUT", "/plan.json"),
        new("host", "freezes a pool", "PUT", "/pools/"),
        new("host", "appends to a history", "POST", "/$batch"),
        new("host", "sends an orchestration a message", "POST", "-control-00/messages"),
        new("host", "deletes an orchestration's message", "DELETE", "-control-00/messages"),
        new("host", "receives an activity's message", "GET", "-workitems/messages"),
        new("host", "deletes an activity's message", "DELETE", "-workitems/messages"),
        new("host", "writes a wait", "PUT", "/.open/"),
        new("host", "stores an item", "PUT", "/item.json"),
        new("host", "sends an item's message", "POST", "/work/messages"),
        new("host", "receives a report", "GET", "/results/messages"),
        new("host", "deletes a report", "DELETE", "/results/messages"),
        new("host", "stores the task of a colocated stage", "PUT", "/tasks/"),
        new("host", "reads what iterations left behind", "GET", "/done/"),
        new("host", "reads a result", "GET", "/result.json"),
        new("host", "stores a state of a stage", "PUT", "/stages/"),
        new("host", "stores the end of a stage", "PUT", "/ends/"),
        new("host", "writes an iteration's record", "PUT", "/records/"),
        new("host", "promotes a checkpoint", "PUT", "/checkpoints/"),
        new("host", "deletes a state", "DELETE", "/states/"),
        new("host", "records a validation", "PUT", "/validations/"),
        new("host", "writes the verdict", "PUT", "/verdict.json"),
        new("host", "writes the report", "PUT", "/report.html"),
    ];

    public bool Meets(string method, string path)
    {
        var named = Uri.UnescapeDataString(path);
        return method == Method && named.Contains(Fragment, StringComparison.Ordinal) && named.Split('?')[0].EndsWith(End, StringComparison.Ordinal);
    }
}
