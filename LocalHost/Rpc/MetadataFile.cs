using System.Text.Json.Nodes;
using LocalHost.Hosting;
using LocalHost.Rpc.Messages;

namespace LocalHost.Rpc;

/// <summary>Reads <c>functions.metadata</c>, which a build writes for processes that leave the listing of their functions to the host.</summary>
internal static class MetadataFile
{
    public static IEnumerable<RpcFunctionMetadata> Read(string appFolder)
    {
        var path = Path.Combine(appFolder, "functions.metadata");
        if (!File.Exists(path))
            throw new HostException($"Expected {path}; it does not exist. Is {appFolder} the output of an isolated Functions app?");
        foreach (var function in JsonNode.Parse(File.ReadAllText(path))!.AsArray())
        {
            var metadata = new RpcFunctionMetadata
            {
                Name = (string)function!["name"]!,
                ScriptFile = (string?)function["scriptFile"] ?? "",
                EntryPoint = (string?)function["entryPoint"] ?? "",
                Language = (string?)function["language"] ?? "",
            };
            metadata.RawBindings.AddRange(function["bindings"]!.AsArray().Select(binding => binding!.ToJsonString()));
            yield return metadata;
        }
    }
}
