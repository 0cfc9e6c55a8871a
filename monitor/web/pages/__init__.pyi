from .page_routes import page_routes as page_routes
