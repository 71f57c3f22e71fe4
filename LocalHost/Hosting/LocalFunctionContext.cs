using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace LocalHost.Hosting;

/// <summary>One invocation: its function, how its trigger binds parameters, its services and its result.</summary>
internal sealed class LocalFunctionContext(
    FoundFunction function, Func<ParameterInfo, object?> bind, IServiceProvider services, CancellationToken cancellationToken)
    : FunctionContext, IAsyncDisposable
{
    // Made on first use: an orchestrator's replay that ends at an await never gets to dispose of it.
    private AsyncServiceScope? _scope;
    private IServiceProvider? _instanceServices;

    public FoundFunction Function => function;

    public Func<ParameterInfo, object?> Bind => bind;

    public object? Result { get; set; }

    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    public override string FunctionId => function.Id;

    public override FunctionDefinition FunctionDefinition => function;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override CancellationToken CancellationToken => cancellationToken;

    public override IServiceProvider InstanceServices
    {
        get => _instanceServices ??= (_scope = services.CreateAsyncScope()).Value.ServiceProvider;
        set => _instanceServices = value;
    }

    public ValueTask DisposeAsync() => _scope?.DisposeAsync() ?? ValueTask.CompletedTask;
}
