namespace Microsoft.Azure.Functions.Worker;

/// <summary>The key that a request must show: none, a function or host key, or the master key.</summary>
public enum AuthorizationLevel
{
    Anonymous = 0,
    User = 1,
    Function = 2,
    System = 3,
    Admin = 4,
}
