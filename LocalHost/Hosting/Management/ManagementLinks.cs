using Microsoft.AspNetCore.Http;

namespace LocalHost.Hosting.Management;

/// <summary>Where an instance is watched and steered: the payload that a start answers with.</summary>
internal sealed class ManagementLinks(HttpRequest request, string id, string hub, string key)
{
    private readonly string _instance =
        $"{request.Scheme}://{request.Host}{ManagementEndpoints.Base}/instances/{Uri.EscapeDataString(id)}";

    private readonly string _query =
        $"taskHub={Uri.EscapeDataString(hub)}&connection=Storage&code={Uri.EscapeDataString(key)}";

    public string Id => id;

    public string StatusQueryGetUri => $"{_instance}?{_query}";

    public string SendEventPostUri => $"{_instance}/raiseEvent/{{eventName}}?{_query}";

    public string TerminatePostUri => $"{_instance}/terminate?reason={{text}}&{_query}";

    public string PurgeHistoryDeleteUri => $"{_instance}?{_query}";

    public string SuspendPostUri => $"{_instance}/suspend?reason={{text}}&{_query}";

    public string ResumePostUri => $"{_instance}/resume?reason={{text}}&{_query}";
}
