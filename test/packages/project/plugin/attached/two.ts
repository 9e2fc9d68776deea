import { leavesAttached } from "../leaves-attached.ts";

leavesAttached();
