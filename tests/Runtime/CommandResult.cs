
namespace Container.Runtime.Tests;

public sealed record CommandResult(int Code, string Output, string Error);
