using System.Text.Json.Nodes;
using LocalHost.Rpc.Messages;

namespace LocalHost.Rpc;

/// <summary>A function of the app, as its process describes it.</summary>
internal sealed class WorkerFunction
{
    private WorkerFunction(RpcFunctionMetadata metadata, IReadOnlyList<FunctionBinding> bindings) => (Metadata, Inputs) = (metadata, bindings);

    public string Id => Metadata.FunctionId;

    public string Name => Metadata.Name;

    public RpcFunctionMetadata Metadata { get; }

    /// <summary>The trigger and the other values that an invocation is given, in the order of the function's parameters.</summary>
    public IReadOnlyList<FunctionBinding> Inputs { get; }

    public FunctionBinding Trigger => Inputs[0];

    /// <summary>Reads what a process says of a function.</summary>
    /// <exception cref="HostException">It has no trigger, or more than one.</exception>
    public static WorkerFunction Of(RpcFunctionMetadata metadata)
    {
        if (metadata.FunctionId.Length == 0)
            metadata.FunctionId = metadata.Name;
        FunctionBinding[] inputs =
        [
            .. metadata.RawBindings.Select(raw => new FunctionBinding(JsonNode.Parse(raw)!.AsObject())).Where(binding => binding.IsInput)
                .OrderBy(binding => binding.IsTrigger ? 0 : 1),
        ];
        if (inputs.Count(binding => binding.IsTrigger) != 1)
            throw new HostException($"Expected one trigger of the function {metadata.Name}, found {inputs.Count(binding => binding.IsTrigger)}.");
        foreach (var raw in metadata.RawBindings)
        {
            var binding = new FunctionBinding(JsonNode.Parse(raw)!.AsObject());
            metadata.Bindings[binding.Name] = new() { Type = binding.Type, Direction = binding.IsInput ? BindingInfo.Types.Direction.In : BindingInfo.Types.Direction.Out };
        }

        return new(metadata, inputs);
    }
}

/// <summary>One binding of a function.</summary>
internal sealed record FunctionBinding(JsonObject Json)
{
    public string Name => Text("name") ?? "";

    public string Type => Text("type") ?? "";

    public bool IsInput => !string.Equals(Text("direction"), "out", StringComparison.OrdinalIgnoreCase);

    public bool IsTrigger => Type.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase);

    public bool Is(string type) => string.Equals(Type, type, StringComparison.OrdinalIgnoreCase);

    /// <summary>A setting of the binding, by its name in any case.</summary>
    public string? Text(string name) => Json.FirstOrDefault(pair => string.Equals(pair.Key, name, StringComparison.OrdinalIgnoreCase)).Value?.ToString();

    public bool Flag(string name, bool otherwise) => Text(name) is { } text ? bool.Parse(text) : otherwise;
}
