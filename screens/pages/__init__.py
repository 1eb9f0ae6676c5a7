"""The pages, each a module that renders one place of a visit, or what stands before and after one."""
