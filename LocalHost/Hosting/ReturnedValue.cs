namespace LocalHost.Hosting;

/// <summary>Waits for what a function returned: nothing, a value, a task or a value task.</summary>
internal static class ReturnedValue
{
    public static async Task<object?> ReadAsync(object? returned, Type declared)
    {
        if (returned is ValueTask plain)
        {
            await plain;
            return null;
        }

        if (declared.IsGenericType && declared.GetGenericTypeDefinition() == typeof(ValueTask<>))
        {
            returned = declared.GetMethod(nameof(ValueTask<>.AsTask))!.Invoke(returned, null);
            declared = typeof(Task<>).MakeGenericType(declared.GenericTypeArguments);
        }

        if (returned is not Task task)
            return returned;
        await task;
        // By the declared type: at run time an async method's plain task is a Task<VoidTaskResult>.
        return declared.IsGenericType ? declared.GetProperty(nameof(Task<>.Result))!.GetValue(task) : null;
    }
}
