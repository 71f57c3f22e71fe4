using System.Diagnostics.CodeAnalysis;

namespace Microsoft.Azure.Functions.Worker.Middleware;

/// <summary>The rest of an invocation: later middleware, then the function.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "The official name.")]
public delegate Task FunctionExecutionDelegate(FunctionContext context);
