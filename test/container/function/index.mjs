export const handler = async (event, context) => ({ event, name: context.functionName });
